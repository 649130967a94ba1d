import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const clockBans = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an argument: take a Clock (src/lib/clock.ts).',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'Time is an argument.' },
]
const bannedProperties = [
  { object: 'Date', property: 'now', message: 'Take a Clock (src/lib/clock.ts).' },
  { object: 'Math', property: 'random', message: 'Take an Entropy (src/lib/entropy.ts).' },
  { object: 'performance', property: 'now', message: 'Take a Clock (src/lib/clock.ts).' },
]
const bannedTimers = ['setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'Take a Clock (src/lib/clock.ts): it can be driven by hand in a test.',
}))

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      '.cache/**',
      'coverage/**',
      'node_modules/**',
      '**/*.cjs',
      '**/*.mjs',
      'lotkeeper-data/**',
      'frontend/public/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['cmd/**', 'src/**', 'frontend/src/**'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...clockBans],
      'no-restricted-properties': ['error', ...bannedProperties],
      'no-restricted-globals': ['error', ...bannedTimers],
    },
  },
  {
    files: ['src/lib/system-clock.ts', 'src/lib/entropy.ts', 'src/ensemble/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  {
    files: ['eslint.config.js', 'vitest.config.ts'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
)
