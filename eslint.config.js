import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['**/*', '!src/**', '!test/**', '!*.config.ts', 'test/fixtures/', 'test/golden/']),
  {
    files: ['src/**/*.ts', 'test/**/*.ts', '*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // Comments cannot switch rules off.
    linterOptions: { noInlineConfig: true },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `test(says, () => expect(…))` is how our tests read.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Counts come as numbers from SQLite and as text from PostgreSQL.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      // `_` names what a pattern must name and nobody reads.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_$' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSAsExpression > TSAsExpression', message: 'Parse the value instead of casting it twice.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'URL',
          property: 'canParse',
          message: 'On Node 20 it forgets hosts like münchen.example: use parseUrl().',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // vitest types `expect.any()` and `expect.stringMatching()` as any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
)
