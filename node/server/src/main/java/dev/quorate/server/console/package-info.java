/**
 * The console: {@link dev.quorate.server.console.ConsolePage} is a static page that draws the JSON document at {@code /api/status} twice a second, and
 * {@link dev.quorate.server.console.StatusJson} makes that document of the shard map and of what the nodes say of themselves. Who serves them over
 * HTTP is up to the process.
 */
package dev.quorate.server.console;
