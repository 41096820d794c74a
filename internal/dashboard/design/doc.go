// Package design is the design language of the dashboard on one page, for people
// who write pages: its colours and sizes, and every component as the pages really
// use it, from the same templates and the same style sheet.
package design
