// SPDX-License-Identifier: BSL-1.0
package main

import "os"

// The linker lays such strings end to end, without anything between them.
var places = []string{"@PREFIX@/share/greet", "@PREFIX@", "@PREFIX@/lib"}

func main() {
	for _, place := range places {
		os.Stdout.WriteString(place + "\n")
	}
}
