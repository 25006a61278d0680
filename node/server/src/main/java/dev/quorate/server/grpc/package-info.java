/**
 * The gRPC edge of a member: {@link dev.quorate.server.grpc.KeyValueService} answers the data API from a {@link
 * dev.quorate.server.data.KeyValueStore}, and {@link dev.quorate.server.grpc.GrpcPort} is a server to put services on. A failed call carries its
 * {@link dev.quorate.api.Error} in the trailer {@code quorate-error-bin}.
 */
package dev.quorate.server.grpc;
