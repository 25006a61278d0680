package dev.quorate.app;

import dev.quorate.server.grpc.KeyValueService;
import io.quarkus.grpc.GrpcService;

/** The data API, served by Quarkus. */
@GrpcService
public class DataService extends KeyValueService {
    DataService(NodeProcess process) {
        super(process.node().data());
    }
}
