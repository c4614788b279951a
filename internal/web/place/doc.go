// Package place holds the pages about organisations and how IT is set up: sites with their rooms, teams with their duty roster, and
// services.
package place
