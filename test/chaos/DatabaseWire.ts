import { type Socket, connect } from 'node:net';
import { type Cutter, Wire } from './Wire.ts';

/** `application_name` out of a startup message (PostgreSQL's protocol 3.0: length, version, names and values). */
function readApplication(startup: Buffer): string {
  const words = startup.subarray(8).toString('latin1').split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

const notification = 'A'.charCodeAt(0);

/** PostgreSQL's messages: a letter, and a length that counts itself. */
class Messages implements Cutter {
  #rest: Buffer = Buffer.alloc(0);

  isHint(message: Buffer): boolean {
    return message[0] === notification;
  }

  *take(chunk: Buffer): Iterable<Buffer> {
    let data = Buffer.concat([this.#rest, chunk]);
    while (data.length >= 5 && data.length >= 1 + data.readInt32BE(1)) {
      const end = 1 + data.readInt32BE(1);
      yield data.subarray(0, end);
      data = data.subarray(end);
    }
    this.#rest = data;
  }
}

/** The network between servers and PostgreSQL. */
export class DatabaseWire extends Wire {
  /** Directory of the socket of the PostgreSQL that runs now. */
  directory = '';

  static async open(random: () => number): Promise<DatabaseWire> {
    return new DatabaseWire(random).listen();
  }

  protected override accept(near: Socket): void {
    near.once('data', (startup: Buffer) => {
      const isBus = readApplication(startup) === 'tessera bus';
      const far = connect(`${this.directory}/.s.PGSQL.5432`);
      far.write(startup);
      this.join(near, far, isBus ? new Messages() : undefined);
    });
  }
}
