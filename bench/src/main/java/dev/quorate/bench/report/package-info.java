/**
 * What measurements come to: {@link dev.quorate.bench.report.Measurement} is one round of one workload on one system, {@link
 * dev.quorate.bench.report.Summary} all rounds of it, {@link dev.quorate.bench.report.ToolFigure} what a system's own benchmark says, {@link dev.quorate.bench.report.ResultTable} what people read and {@link
 * dev.quorate.bench.report.ResultFile} what programs read. Pure.
 */
package dev.quorate.bench.report;
