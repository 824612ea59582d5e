/* What a walk asks for, and what it says of all its stretches. Pure. */

/** @param {{count: number, seconds: number, stretches: unknown[]}} found */
export function walkWords({ count, seconds, stretches }) {
  if (!count) return "nothing of it";
  const all = `${count} ${count === 1 ? "stretch" : "stretches"}, ${seconds.toFixed(1)}\u00a0s`;
  return count > stretches.length ? `${all}; the ${stretches.length} longest` : all;
}

/**
 * The query for a part of the recording; empty for all of it.
 * @param {string} [within] "from,to" in seconds
 */
export function partQuery(within) {
  if (!within) return "";
  const [fromS, toS] = within.split(",");
  return `?from_s=${fromS}&to_s=${toS}`;
}
