/** The settings of the embedded PostgreSQL: what a new cluster is created with, and what a start enforces. */

/** The superuser and, with `postgres` as the database, what `connection` names. */
export const role = 'tessera';

/** No two clusters share a socket directory, so this never clashes with a server on the same port. */
export const socketPort = 5432;

/**
 * Written into postgresql.conf when the cluster is made, where an operator may change them.
 * A small team fits into PostgreSQL's own memory defaults. The log keeps to what the server itself
 * does: a failed statement is reported to whoever sent it, and its text or details could hold secrets.
 */
export const initialSettings = {
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

/** Loses committed data when the machine stops: for tests, the demo and benchmarks only. */
const volatileSettings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * What the command line of a start carries, and postgresql.conf therefore cannot change: no network,
 * because whoever reaches the socket directory is let in without a password.
 */
export function startSettings(
  durable: boolean,
  socketDirectory: string,
  settings: Record<string, string> = {},
): Record<string, string> {
  return {
    ...(durable ? {} : volatileSettings),
    ...settings,
    listen_addresses: '',
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    port: String(socketPort),
    log_destination: 'stderr',
    logging_collector: 'off',
  };
}

/** Settings as arguments of `postgres` and `initdb`. */
export function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
