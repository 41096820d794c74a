package fleet

// brokenVariable says to a broken build what is to be broken. The program as it is knows
// of nothing like it.
const brokenVariable = "BROKEN"
