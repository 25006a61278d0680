package dev.quorate.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All rounds of a cell. */
public record Summary(
        Cell cell,
        int rounds,
        Spread throughputPerSecond,
        Spread p50Micros,
        Spread p99Micros,
        Spread p999Micros,
        Spread cpuSecondsPer100k,
        Spread clientCpuSecondsPer100k,
        Spread writtenPerByte,
        long failures) {
    /** One for each cell, in the order of their first rounds. */
    public static List<Summary> of(List<Measurement> measurements) {
        Map<Cell, List<Measurement>> byCell = new LinkedHashMap<>();
        measurements.forEach(one ->
                byCell.computeIfAbsent(one.cell(), cell -> new ArrayList<>()).add(one));
        return byCell.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Summary of(Cell cell, List<Measurement> rounds) {
        return new Summary(
                cell,
                rounds.size(),
                Spread.of(rounds, Measurement::throughputPerSecond),
                Spread.of(rounds, Measurement::p50Micros),
                Spread.of(rounds, Measurement::p99Micros),
                Spread.of(rounds, Measurement::p999Micros),
                Spread.of(rounds, Measurement::cpuSecondsPer100k),
                Spread.of(rounds, Measurement::clientCpuSecondsPer100k),
                Spread.of(rounds, Measurement::writtenPerByte),
                rounds.stream().mapToLong(Measurement::failures).sum());
    }
}
