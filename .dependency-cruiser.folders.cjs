/** No circle between folders, of libs and inside apps: a circle hides which folder owns a concept. Of the product alone. */
module.exports = {
  forbidden: [
    {
      name: 'no-folder-circle',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(apps|libs)/' },
      to: { circular: true },
    },
  ],
  options: {
    ...require('./.dependency-cruiser.cjs').options,
    exclude: { path: '\\.spec\\.ts$|/testing/' },
  },
};
