// Package story runs stories: txtar files that tell in one line a step what people do and what the desk answers, on the real
// app in-process with a fake clock, on both engines. They are tests, and the best documentation of what Bothways does.
//
//	go test ./test/story                  # the stories here
//	go test ./test/story -stories DIR     # any folder of them
//
// The verbs are those of docs/howto/write-a-story.md.
package story
