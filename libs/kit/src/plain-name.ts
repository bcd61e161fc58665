/** A name that can be a folder's and part of a URL, such as a model's; the same as in the JSON schemas of bundles. */
export const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
