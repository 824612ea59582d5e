/* What a walk says of all its stretches. Pure. */

/** @param {{count: number, seconds: number, stretches: unknown[]}} found */
export function walkWords({ count, seconds, stretches }) {
  if (!count) return "nothing of it";
  const all = `${count} ${count === 1 ? "stretch" : "stretches"}, ${seconds.toFixed(1)}\u00a0s`;
  return count > stretches.length ? `${all}; the ${stretches.length} longest` : all;
}
