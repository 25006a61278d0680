package dev.quorate.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":2}   | {\"a\":1}                | true", // defaults of the API server
                "{\"a\":1}           | {\"a\":2}                | false",
                "{\"a\":1}           | {\"b\":1}                | false",
                "{\"cpu\":\"1\"}     | {\"cpu\":\"1000m\"}      | true",
                "{\"cpu\":\"2\"}     | {\"cpu\":\"1000m\"}      | false",
                "{\"l\":[{\"n\":1,\"d\":0},{\"n\":2}]} | {\"l\":[{\"n\":2},{\"n\":1}]} | true",
                "{\"l\":[{\"n\":1}]} | {\"l\":[{\"n\":2}]}      | false",
                "{}                  | {\"a\":null}             | true",
                "{\"name\":\"1x\"}   | {\"name\":\"1y\"}        | false",
            })
    void compares(String actual, String desired, boolean covers) throws JsonProcessingException {
        assertThat(Comparison.covers(json.readTree(actual), json.readTree(desired)))
                .isEqualTo(covers);
    }
}
