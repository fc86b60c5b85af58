import { blobKey } from './checkKey.ts';
import type { PackFolder } from './PackFolder.ts';
import type { StoredObject } from './Storage.ts';

/** The blobs in packs whose key starts with the prefix, in byte order; holds a 256th of them at a time. */
export async function* listPacked(packs: PackFolder, prefix: string): AsyncGenerator<StoredObject> {
  await packs.refresh();
  for (let first = 0; first < 256; first += 1) {
    const folder = `blobs/${first.toString(16).padStart(2, '0')}/`;
    if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) continue;
    for (const [name, size] of packs.startingWith(first)) {
      const key = blobKey(name);
      if (key.startsWith(prefix)) yield { key, size };
    }
  }
}

/** Two lists in byte order as one; of a key that both have, the first one's object. */
export async function* mergeObjects(
  first: AsyncIterable<StoredObject>,
  second: AsyncIterable<StoredObject>,
): AsyncGenerator<StoredObject> {
  const others = second[Symbol.asyncIterator]();
  let other = await others.next();
  for await (const object of first) {
    while (!other.done && other.value.key <= object.key) {
      if (other.value.key < object.key) yield other.value;
      other = await others.next();
    }
    yield object;
  }
  while (!other.done) {
    yield other.value;
    other = await others.next();
  }
}
