// Package compose is what the box in which staff write talks to, and the pages around it: drafts and their files, taking an answer
// back, who is here, completions, the list of one's drafts, and saved answers.
//
// What the script asks for is answered in JSON; each of these changes no more than what is being written, which is its writer's
// alone. Sending itself is the ticket's form (package web).
package compose
