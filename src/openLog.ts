import pino from 'pino';
import type { Settings } from './settings.ts';

/** pg hangs the whole connection, with every statement that it prepared, on the error of one that broke while idle. */
function describeError(error: Error): object {
  const { client: _client, ...described } = pino.stdSerializers.err(error) as pino.SerializedError & {
    client?: unknown;
  };
  return described;
}

/** The program's log: JSON lines, secrets left out. */
export function openLog(
  { LOG_LEVEL }: Pick<Settings, 'LOG_LEVEL'>,
  destination: pino.DestinationStream = pino.destination(1),
): pino.Logger {
  return pino(
    {
      level: LOG_LEVEL,
      redact: ['*.authorization', '*.cookie', '*.password', '*.token', 'password', 'token', 'err.input'],
      serializers: { err: describeError },
    },
    destination,
  );
}
