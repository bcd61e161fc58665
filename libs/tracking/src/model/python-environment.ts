/** The environment that loads the model, in compatible versions. */
export const PYTHON_VERSION = '3.11.7';
export const REQUIREMENTS = { mlflow: '2.22.0', onnx: '1.17.0', onnxruntime: '1.20.1' } as const;

const pinned = Object.entries(REQUIREMENTS).map(([name, version]) => `${name}==${version}`);

/** `conda.yaml`, as `mlflow.utils.environment._mlflow_conda_env` writes it. */
export const condaEnvironment = (): object => ({
  name: 'mlflow-env',
  channels: ['conda-forge'],
  dependencies: [`python=${PYTHON_VERSION}`, 'pip', { pip: pinned }],
});

/** `python_env.yaml`, as `mlflow.utils.environment._PythonEnv` writes it. */
export const pythonEnvironment = (): object => ({
  python: PYTHON_VERSION,
  build_dependencies: ['pip'],
  dependencies: ['-r requirements.txt'],
});
