// Package fleet is Dashboard › Settings › Fleet: the nodes, what each decides by, and
// whether it is heard of; and the line that other pages show while one of them is in
// trouble.
package fleet
