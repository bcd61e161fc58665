import { maintainersPackages } from '../../../tools/maintain/install.mjs';

/** Before any spec: several use these packages, which cannot be installed by two at once. */
export default () => void maintainersPackages();
