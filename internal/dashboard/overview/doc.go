// Package overview is Dashboard › Overview, the first page: how much was let in and
// refused, what preflights cost and how to have fewer, which origins call, and what is
// wrong just now.
//
// Its charts are drawn here, as SVG without a script. What they show stands in a table
// as well, in words that need neither eyes nor colours. The page changes nothing.
package overview
