// The house has levels (docs/architecture.md): an import may only point down.
// One row per folder: what it may import of ours; everything else of ours is forbidden.
const rows = {
  'src/lib': [],
  'src/auction': ['src/lib/(assert|money-digits|result)\\.ts'],
  'src/store/[^/]+\\.ts': ['src/store/[^/]+\\.ts', 'src/lib'],
  'src/store/memory': ['src/store/[^/]+\\.ts', 'src/lib'],
  'src/store/embedded': ['src/store/[^/]+\\.ts', 'src/store/memory', 'src/lib'],
  'src/store/zookeeper': ['src/store/[^/]+\\.ts', 'src/lib'],
  'src/store/etcd': ['src/store/[^/]+\\.ts', 'src/lib'],
  'src/recipes': ['src/store/[^/]+\\.ts', 'src/lib'],
  'src/protocol': ['src/auction', 'src/lib'],
  'src/ensemble': ['src/lib'],
  'src/engine': ['src/auction', 'src/store/[^/]+\\.ts', 'src/recipes', 'src/lib'],
  'src/gateway': ['src/engine', 'src/protocol', 'src/auction', 'src/lib'],
  'src/client': ['src/protocol', 'src/lib'],
  'src/node': ['src'],
  cmd: ['src/node', 'src/client', 'src/ensemble', 'src/protocol', 'src/lib'],
  'frontend/src': ['src/client', 'src/protocol', 'src/auction', 'src/lib'],
}

const layer = ([folder, allowed]) => ({
  name: `layers-${folder.replace(/[^a-z]+/g, '-')}`,
  severity: 'error',
  comment: `${folder} may import only: itself${allowed.map((a) => `, ${a}`).join('')}`,
  from: { path: `^${folder}` },
  to: {
    path: '^(cmd|src|frontend|test)/',
    pathNot: [`^${folder}`, ...allowed.map((a) => `^${a}`)],
  },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(rows).map(layer),
    {
      name: 'rules-are-pure',
      severity: 'error',
      comment: 'src/auction uses no package and nothing of Node',
      from: { path: '^src/auction' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
}
