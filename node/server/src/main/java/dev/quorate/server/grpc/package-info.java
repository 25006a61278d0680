/**
 * The gRPC edge of a member. {@link dev.quorate.server.grpc.DataPort} answers the data API from a {@link dev.quorate.server.data.KeyValueStore}: {@link
 * dev.quorate.server.grpc.KeyValueService} the single calls, {@link dev.quorate.server.grpc.RequestStream} the stream that the Java client uses, {@link
 * dev.quorate.server.grpc.DataCalls} the requests of both. {@link dev.quorate.server.grpc.GrpcPort} is a server to put other services on.
 *
 * <p>A failed call carries its {@link dev.quorate.api.Error} in the trailer {@code quorate-error-bin}; in a stream it is the answer. Everything runs on the
 * node's network threads, and nothing blocks them.
 */
package dev.quorate.server.grpc;
