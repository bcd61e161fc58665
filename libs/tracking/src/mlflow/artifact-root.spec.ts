import { artifactRoot } from './artifact-root.js';

describe('artifactRoot', () => {
  it.each([
    'mlflow-artifacts:/1/abc/artifacts',
    'mlflow-artifacts://tracking:5000/1/abc/artifacts',
    'http://tracking:5000/prefix/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts',
  ])('finds the path behind the proxy in %s', (uri) => {
    expect(artifactRoot(uri)).toBe('1/abc/artifacts');
  });

  it.each(['s3://bucket/1/abc', 'file:///mlruns/1', '/mlruns/1', 'http://elsewhere/1/abc'])('refuses %s', (uri) => {
    expect(() => artifactRoot(uri)).toThrow('--serve-artifacts');
  });
});
