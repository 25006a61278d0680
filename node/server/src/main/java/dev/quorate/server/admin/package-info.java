/**
 * The admin API (admin.proto) on a node: {@link dev.quorate.server.admin.AdminService} answers it from {@link dev.quorate.server.Node}, behind {@link
 * dev.quorate.server.admin.TokenInterceptor}. The node's shell puts both on a port of their own.
 */
package dev.quorate.server.admin;
