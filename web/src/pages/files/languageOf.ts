/** Languages, with the endings of the names of files that are written in them, or such names as a whole. */
const endingsOf = {
  bash: 'sh zsh bash',
  c: 'c h',
  clojure: 'clj cljs',
  cmake: 'cmake cmakelists.txt',
  cpp: 'cc cpp cxx hh hpp',
  csharp: 'cs',
  css: 'css',
  dart: 'dart',
  diff: 'diff patch',
  dockerfile: 'dockerfile',
  elixir: 'ex exs',
  erlang: 'erl',
  fsharp: 'fs',
  go: 'go',
  graphql: 'gql graphql',
  groovy: 'gradle groovy',
  haskell: 'hs',
  ini: 'cfg ini toml',
  java: 'java',
  javascript: 'cjs js jsx mjs',
  json: 'json jsonc',
  julia: 'jl',
  kotlin: 'kt kts',
  latex: 'tex sty',
  less: 'less',
  lua: 'lua',
  makefile: 'makefile mk',
  markdown: 'md markdown',
  nginx: 'nginx.conf',
  nix: 'nix',
  objectivec: 'm',
  ocaml: 'ml mli',
  perl: 'pl pm',
  php: 'php',
  powershell: 'ps1',
  protobuf: 'proto',
  python: 'py pyi',
  r: 'r',
  ruby: 'rb rake gemfile',
  rust: 'rs',
  scala: 'scala sc',
  scss: 'scss',
  sql: 'sql',
  swift: 'swift',
  typescript: 'ts cts mts tsx',
  vim: 'vim',
  xml: 'html svg xml vue xhtml xsd xsl rdf',
  yaml: 'yaml yml',
};
export type Language = keyof typeof endingsOf;

const languages = new Map(
  (Object.keys(endingsOf) as Language[]).flatMap((language) =>
    endingsOf[language].split(' ').map((ending) => [ending, language] as const),
  ),
);

/** The language that a file is written in, as far as its name tells. */
export function languageOf(path: string): Language | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return languages.get(name) ?? languages.get(name.slice(name.lastIndexOf('.') + 1));
}
