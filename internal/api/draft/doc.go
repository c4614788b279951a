// Package draft is the part of the API that is about what is being written: drafts, files for them, messages that can be taken back, who
// would get a reply, and saved answers. Package api mounts it.
package draft
