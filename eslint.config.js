import { createRequire } from 'node:module';

const tseslint = createRequire(new URL('tools/maintain/package.json', import.meta.url))('typescript-eslint');

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.cache/',
      'libs/kernels/assembly/',
      'test/**/*.mjs',
      'examples/**/*.mjs',
      'test/fixtures/',
      'bench/',
      'examples/**/*.mjs',
      'deploy/',
      'bin/',
      'tools/',
      'apps/api/src/docs/redoc/',
      '**/*.cjs',
      'apps/bundle.mjs',
      'eslint.config.js',
      '**/jest.config.js',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['apps/cli/**'], rules: { 'no-console': 'off' } },
  {
    // Tests read answers as parsed JSON: what does not fit fails an assertion instead.
    files: ['**/*.spec.ts', 'test/**', 'libs/testing/**'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
