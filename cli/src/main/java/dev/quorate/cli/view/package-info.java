/**
 * A cluster as people and scripts see it. {@link dev.quorate.cli.view.ClusterView} is the document of {@code quorate status -o json} and of the
 * console's {@code /api/status}, made of a control pass by {@link dev.quorate.cli.view.Views}; {@link dev.quorate.cli.view.Tables} draws it.
 */
package dev.quorate.cli.view;
