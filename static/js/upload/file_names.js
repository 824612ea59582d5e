/* Whether a file can be a recording by its name: the rule of interviews/file_names.py, from the server's data. */

/**
 * Why a file of this name is not accepted, and what to do; empty if it is accepted.
 * @param {string} name
 * @param {{accepted: string[], sentences: Record<string, string>, unknown: string, without_ending: string}} rules
 */
export function nameRefusal(name, rules) {
  const ending = /[^.]\.([^.]+)$/.exec(name)?.[1].toLowerCase();
  if (!ending) return rules.without_ending;
  if (rules.accepted.includes(ending)) return "";
  return rules.sentences[ending] ?? rules.unknown.replace("{ending}", ending);
}
