package dev.quorate.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table for people, in Markdown: medians over the rounds, the throughput's extremes, and ratios to one system. */
public final class ResultTable {
    private static final String P99 = "p99 us (min, max)";
    private static final List<String> HEADINGS = List.of(
            "workload",
            "callers",
            "system",
            "per second (min, max)",
            "ratio",
            "p50 us",
            P99,
            "ratio",
            "p99.9 us",
            "CPU s/100k",
            "ratio",
            "client CPU",
            "written/byte",
            "ratio",
            "failed");

    private static final String UNKNOWN = "-";

    private final List<Summary> summaries;
    private final List<ToolFigure> toolFigures;
    private final String baseline;

    /** @param baseline the system that ratios are to */
    public ResultTable(List<Summary> summaries, List<ToolFigure> toolFigures, String baseline) {
        this.summaries = summaries;
        this.toolFigures = toolFigures;
        this.baseline = baseline;
    }

    public String render() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        summaries.stream()
                .sorted(Comparator.comparing((Summary one) -> one.cell().workload())
                        .thenComparing(one -> one.cell().callers()))
                .map(this::row)
                .forEach(rows::add);
        toolFigures.stream().map(ResultTable::row).forEach(rows::add);
        return aligned(rows);
    }

    /** Not beside our own measurements' ratios: another client, that does not do quite the same. */
    private static List<String> row(ToolFigure figure) {
        List<String> row = new ArrayList<>(Collections.nCopies(HEADINGS.size(), UNKNOWN));
        row.set(0, Workload.WRITE.label());
        row.set(1, Integer.toString(figure.callers()));
        row.set(2, figure.system() + " by " + figure.tool());
        row.set(3, whole(figure.perSecond()));
        row.set(HEADINGS.indexOf("p50 us"), figure.p50Micros() == 0 ? UNKNOWN : whole(figure.p50Micros()));
        row.set(HEADINGS.indexOf(P99), figure.p99Micros() == 0 ? UNKNOWN : whole(figure.p99Micros()));
        return row;
    }

    private List<String> row(Summary one) {
        Optional<Summary> base = summaries.stream()
                .filter(other -> other.cell()
                        .equals(new Cell(
                                baseline,
                                one.cell().workload(),
                                one.cell().callers(),
                                one.cell().valueBytes())))
                .findFirst();
        return List.of(
                one.cell().workload().label(),
                Integer.toString(one.cell().callers()),
                one.cell().system(),
                extremes(one.throughputPerSecond()),
                ratio(one.throughputPerSecond(), base.map(Summary::throughputPerSecond)),
                whole(one.p50Micros().median()),
                extremes(one.p99Micros()),
                ratio(one.p99Micros(), base.map(Summary::p99Micros)),
                whole(one.p999Micros().median()),
                decimal(one.cpuSecondsPer100k().median()),
                ratio(one.cpuSecondsPer100k(), base.map(Summary::cpuSecondsPer100k)),
                decimal(one.clientCpuSecondsPer100k().median()),
                decimal(one.writtenPerByte().median()),
                ratio(one.writtenPerByte(), base.map(Summary::writtenPerByte)),
                Long.toString(one.failures()));
    }

    private static String extremes(Spread figure) {
        return whole(figure.median()) + " (" + whole(figure.min()) + ", " + whole(figure.max()) + ")";
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String ratio(Spread figure, Optional<Spread> base) {
        return base.filter(spread -> spread.median() > 0)
                .map(spread -> String.format(Locale.ROOT, "%.2f", figure.median() / spread.median()))
                .orElse(UNKNOWN);
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        StringBuilder table = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < widths.length; column++) {
                table.append("| ")
                        .append(rows.get(row).get(column))
                        .repeat(" ", widths[column] - rows.get(row).get(column).length() + 1);
            }
            table.append("|\n");
            if (row == 0) {
                for (int width : widths) {
                    table.append('|').repeat("-", width + 2);
                }
                table.append("|\n");
            }
        }
        return table.toString();
    }
}
