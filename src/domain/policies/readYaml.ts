/**
 * YAML (version 1.2, core schema) from people who may mean harm: one document of plain maps, lists and
 * scalars. Anchors, aliases and tags are refused, so nothing grows as it is read; depth is limited before
 * the document is composed, which the library does by recursion.
 */
import {
  Composer,
  type CST,
  type Document,
  type Node,
  type ParsedNode,
  Lexer,
  LineCounter,
  Parser,
  isAlias,
  isMap,
  isScalar,
  isSeq,
} from 'yaml';

/** What is wrong in a text that somebody wrote, and in which line (from 1). */
export interface Fault {
  line: number;
  /** Goes on after a colon; without a full stop. */
  reason: string;
}

/** What a text says, or what is wrong with it. */
export type Reading<T> = { value: T; faults?: never } | { value?: never; faults: readonly Fault[] };

export interface Yaml {
  /** Plain data. */
  data: unknown;
  /** The line of what lies at this path; of the nearest thing round it, where there is nothing. */
  lineOf(path: readonly PropertyKey[]): number;
  /** The line of a key of the map at this path. */
  lineOfKey(path: readonly PropertyKey[], key: string): number;
}

/** Levels of the parser's stack; the fixtures of a policy need eight. */
const maxDepth = 32;
/** More are of no use to who wrote the text. */
export const maxFaults = 20;
/** Messages of the library may quote what they found. */
const maxReason = 200;

type Part = Node | ParsedNode | null | undefined;

/** Token by token, so that a text of nothing but brackets ends here and not in the composer's recursion. */
function tokenize(source: string, lines: LineCounter): Reading<CST.Token[]> {
  const tokens: CST.Token[] = [];
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth)
      return { faults: [{ line: lines.linePos(parser.offset).line, reason: 'this lies too deep' }] };
  }
  for (const token of parser.end()) tokens.push(token);
  return { value: tokens };
}

function compose(source: string, lines: LineCounter): Reading<Document.Parsed> {
  const { value: tokens, faults } = tokenize(source, lines);
  if (faults) return { faults };
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    // Keys that stand twice are found below: the library compares each with each.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens, true, source.length)];
  const wrong = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (wrong.length > 0) {
    const faultOf = (error: (typeof wrong)[number]) => ({
      line: lines.linePos(error.pos[0]).line,
      reason: error.message.slice(0, maxReason).replace(/\.$/, ''),
    });
    return { faults: wrong.slice(0, maxFaults).map(faultOf) };
  }
  const [document, second] = documents;
  if (second)
    return {
      faults: [{ line: lines.linePos(second.range[0]).line, reason: 'a second document begins here' }],
    };
  // With the second argument the composer gives one document at least, be it an empty one.
  return document ? { value: document } : { faults: [{ line: 1, reason: 'it is empty' }] };
}

/** Reads one document. Faults name the line. */
export function readYaml(source: string): Reading<Yaml> {
  const lines = new LineCounter();
  const { value: document, faults } = compose(source, lines);
  if (faults) return { faults };
  const found: Fault[] = [];
  const lineOfNode = (node: Part) => lines.linePos(node?.range?.[0] ?? 0).line;
  const refuse = (node: Part, reason: string) => {
    if (found.length < maxFaults) found.push({ line: lineOfNode(node), reason });
  };
  const toData = (node: Part): unknown => {
    if (!node) return null;
    if (isAlias(node)) return refuse(node, 'aliases are not supported');
    if (node.anchor) refuse(node, 'anchors are not supported');
    if (node.tag) refuse(node, 'tags are not supported');
    if (isSeq<Part>(node)) return node.items.map(toData);
    if (!isMap<Part, Part>(node)) return isScalar(node) ? node.value : null;
    const entries = new Map<string, unknown>();
    for (const { key, value } of node.items) {
      const name = String(toData(key));
      if (entries.has(name)) refuse(key, `the key ${name} stands here twice`);
      entries.set(name, toData(value));
    }
    return Object.fromEntries(entries);
  };
  const data = toData(document.contents);
  if (found.length > 0) return { faults: found };

  /** The node at the path, or the last one on the way there. */
  const nodeAt = (path: readonly PropertyKey[]): Part => {
    let node: Part = document.contents;
    for (const step of path) {
      const next: Part = isMap<Part, Part>(node)
        ? node.items.find(({ key }) => isScalar(key) && key.value === step)?.value
        : isSeq<Part>(node)
          ? node.items[Number(step)]
          : undefined;
      if (!next) return node;
      node = next;
    }
    return node;
  };
  return {
    value: {
      data,
      lineOf: (path) => lineOfNode(nodeAt(path)),
      lineOfKey: (path, name) => {
        const map = nodeAt(path);
        const pair = isMap<Part, Part>(map)
          ? map.items.find(({ key }) => isScalar(key) && key.value === name)
          : undefined;
        return lineOfNode(pair?.key ?? map);
      },
    },
  };
}
