// Package hours is the part of the API that notes and lists working time. Package api mounts it.
package hours
