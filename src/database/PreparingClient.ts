import pg from 'pg';

/** Statement text → the name it is prepared under. Texts are constants of the program, so this stays small. */
const names = new Map<string, string>();
const mostNames = 1000;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= mostNames) return undefined;
  const name = `tessera ${names.size}`;
  names.set(text, name);
  return name;
}

type Query = (...values: unknown[]) => Promise<unknown>;

/** What Kysely sends first in a transaction that names no isolation level; it does nothing with the answer. */
const begin = 'begin';

/**
 * A connection that prepares what comes with parameters, once per statement text: PostgreSQL then neither
 * parses nor plans it again. What comes without (the ORM writes values into the text) goes as it is.
 *
 * The answer to `begin` is not waited for: it travels with the first statement, and every transaction is a round trip
 * shorter.
 */
export class PreparingClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, pipeline: true });
    this.once('end', () => this.#giveBack());
    const query = super.query.bind(this) as Query;
    this.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
      if (text === begin) {
        query(text).catch(() => this.#breakOff());
        return Promise.resolve({ command: 'BEGIN', rowCount: null, rows: [], fields: [] });
      }
      if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
        return query(text, values, ...rest);
      const name = nameOf(text);
      return query(name === undefined ? { text, values } : { name, text, values }, ...rest);
    }) as typeof this.query;
  }

  /**
   * A transaction that could not begin although the connection stands (the server was out of memory, say): what travels
   * behind its beginning runs alone, and nothing may follow that.
   */
  #breakOff(): void {
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  /**
   * A connection that dies while it is taken goes back to its pool. Kysely gives it back only after a
   * `rollback` that succeeds, which on a dead connection none does: the place would be lost for ever.
   */
  #giveBack(): void {
    const taken = this as { release?: (destroy: boolean) => void } & pg.Client;
    const { release } = taken;
    if (!release) return;
    taken.release = () => {};
    try {
      release(true);
    } catch {
      // It was not taken: pg-pool throws when what it has already is given back.
    }
  }
}
