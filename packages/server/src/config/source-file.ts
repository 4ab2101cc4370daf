import type { Document, ParsedNode } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { FaultPath } from '../admin/fault.ts';
import type { ConfigFault } from './fault.ts';
import { formatPath } from './fault.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 30;
/** Of one group. */
const MAX_KEYS = 1000;
/** Of the whole file, each repeated anchor counted again. */
const MAX_NODES = 1_000_000;
const MAX_SYNTAX_FAULTS = 20;

/** A YAML text as plain values, and the place (`signet.yaml:12:5`) of each: that of the nearest key that stands in it. */
export type YamlSource = Readonly<{ value: unknown; whereIs: (path: FaultPath) => string }>;

type Place = (offset: number) => string;

/** Reads one YAML 1.2 document of plain values: no tags, no directives, no repeated keys, bounded in every way. */
export function parseYaml(name: string, text: string): YamlSource | { faults: readonly ConfigFault[] } {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return failed(name, `is larger than ${MAX_BYTES / 1024 / 1024} MB`);
  const lines = new LineCounter();
  const place: Place = (offset) => `${name}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  const anchors = new Map<string, ParsedNode>();
  const faults = [...textFaults(text, place), ...syntaxFaults(document, place)];
  if (faults.length === 0 && document.contents !== null)
    faults.push(...nodeFaults(document.contents, [], { place, anchors }));
  if (faults.length > 0) return { faults };
  try {
    return {
      value: plainValue(document.contents, 0, { anchors, left: MAX_NODES }),
      whereIs: (path) => place(offsetOf(document.contents, path, anchors)),
    };
  } catch (error) {
    if (error instanceof RangeError) return failed(name, 'repeats its anchors too often');
    throw error;
  }
}

const failed = (where: string, message: string) => ({ faults: [{ where, key: '', message }] });

function textFaults(text: string, place: Place): ConfigFault[] {
  // A file of another kind is full of these, and a terminal would obey some.
  const control = /[^\P{Cc}\t\n\r]/u.exec(text);
  return control === null
    ? []
    : [{ where: place(control.index), key: '', message: 'has a control character: is this a text file?' }];
}

function syntaxFaults(document: Document.Parsed, place: Place): ConfigFault[] {
  const { errors, warnings, directives } = document;
  if (errors.some((error) => error.code === 'RESOURCE_EXHAUSTION')) {
    return [{ where: place(errors[0]?.pos[0] ?? 0), key: '', message: 'is nested too deeply' }];
  }
  if (directives.yaml.explicit === true && directives.yaml.version !== '1.2') {
    return [{ where: place(0), key: '', message: 'is not YAML 1.2: remove the %YAML line' }];
  }
  return [...errors, ...warnings].slice(0, MAX_SYNTAX_FAULTS).map(({ pos, message }) => ({
    where: place(pos[0]),
    key: '',
    message: `is not YAML as it is read here: ${message}`,
  }));
}

type Reading = Readonly<{ place: Place; anchors: Map<string, ParsedNode> }>;

/** Keys given twice, the one key that JavaScript takes for something else, and aliases of nothing. */
function nodeFaults(node: ParsedNode, path: FaultPath, reading: Reading): readonly ConfigFault[] {
  const { place, anchors } = reading;
  const faultAt = (offset: number, at: FaultPath, message: string) => [
    { where: place(offset), key: formatPath(at), message },
  ];
  if (path.length > MAX_DEPTH) return faultAt(node.range[0], [], 'is nested too deeply');
  if (isAlias(node)) {
    if (anchors.has(node.source)) return [];
    return faultAt(node.range[0], path, `repeats the anchor "${node.source}", which is not set before`);
  }
  if (node.anchor !== undefined) {
    if (anchors.has(node.anchor))
      return faultAt(node.range[0], path, `sets the anchor "${node.anchor}" again`);
    anchors.set(node.anchor, node);
  }
  if (isSeq(node)) return node.items.flatMap((item, index) => nodeFaults(item, [...path, index], reading));
  if (!isMap(node)) return [];
  if (node.items.length > MAX_KEYS) return faultAt(node.range[0], path, `has more than ${MAX_KEYS} keys`);
  const seen = new Map<string, number>();
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    const full = [...path, name];
    const offset = key.range[0];
    const first = seen.get(name);
    if (first !== undefined) return faultAt(offset, full, `is given twice, first at ${place(first)}`);
    seen.set(name, offset);
    if (name === '__proto__') return faultAt(offset, full, 'is not a key that can be used');
    return value === null ? [] : nodeFaults(value, full, reading);
  });
}

type Anchors = ReadonlyMap<string, ParsedNode>;

/** Plain value of a node; throws a RangeError for what is without end. */
function plainValue(
  node: ParsedNode | null,
  depth: number,
  budget: { anchors: Anchors; left: number },
): unknown {
  budget.left -= 1;
  if (budget.left < 0 || depth > MAX_DEPTH) throw new RangeError('too many nodes');
  if (isAlias(node)) return plainValue(budget.anchors.get(node.source) ?? null, depth + 1, budget);
  if (isSeq<ParsedNode>(node)) return node.items.map((item) => plainValue(item, depth + 1, budget));
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return node === null ? null : node.value;
  const members = node.items.map(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    return [name, plainValue(value, depth + 1, budget)] as const;
  });
  return Object.fromEntries(members);
}

/** Where the key of the last step stands (or that of the file with its value), or as much of the path as the text has. */
function offsetOf(
  root: ParsedNode | null,
  path: FaultPath,
  anchors: ReadonlyMap<string, ParsedNode>,
): number {
  let node = root;
  let offset = node?.range[0] ?? 0;
  for (const step of path) {
    const plain = isAlias(node) ? anchors.get(node.source) : node;
    if (isSeq<ParsedNode>(plain) && typeof step === 'number') {
      node = plain.items[step] ?? null;
      offset = node?.range[0] ?? offset;
    } else if (isMap<ParsedNode, ParsedNode | null>(plain)) {
      const pairOf = (name: string) =>
        plain.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      const pair = pairOf(String(step)) ?? pairOf(`${step}_file`);
      if (pair === undefined) return offset;
      offset = pair.key.range[0];
      node = pair.value;
    } else {
      return offset;
    }
  }
  return offset;
}
