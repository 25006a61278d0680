/** How the command speaks to people: sentences for errors, and lines that redraw on a terminal. */
package dev.quorate.cli.output;
