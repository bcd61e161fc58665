import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'test/fixtures/', 'bench/', '**/*.cjs', 'eslint.config.js', 'jest.config.js'] },
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
  { files: ['apps/pipeline/**'], rules: { 'no-console': 'off' } },
);
