/** A card in the margin: where it belongs, and how high it is. */
export interface Card {
  key: string;
  /** In pixels from the top of the file. */
  wanted: number;
  height: number;
}

const gap = 8;

/** Each as near to its place as the ones above it allow. */
function pushDown(cards: readonly Card[], tops: Map<string, number>, from: number): void {
  let free = from;
  for (const { key, wanted, height } of cards) {
    const top = Math.max(wanted, free);
    tops.set(key, top);
    free = top + height + gap;
  }
}

/**
 * Where cards stand that must not cover each other, by their keys. The one that is open stands at its line, and the
 * others make room above and below it.
 * @param cards in the order of their places
 */
export function arrangeCards(
  cards: readonly Card[],
  openKey: string | undefined,
): ReadonlyMap<string, number> {
  const tops = new Map<string, number>();
  const at = cards.findIndex(({ key }) => key === openKey);
  pushDown(cards, tops, 0);
  const open = cards[at];
  if (!open) return tops;
  let free = open.wanted - gap;
  for (const { key, wanted, height } of cards.slice(0, at).toReversed()) {
    const top = Math.min(wanted, free - height);
    // There is no room for all above it: they stay where they are pushed to, and it comes below them.
    if (top < 0) return pushBelow();
    tops.set(key, top);
    free = top - gap;
  }
  pushDown(cards.slice(at), tops, open.wanted);
  return tops;

  function pushBelow(): ReadonlyMap<string, number> {
    pushDown(cards, tops, 0);
    return tops;
  }
}
