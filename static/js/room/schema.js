/* Checks values against JSON Schema: the keywords that the server's message types use, and no others. */

/**
 * What is wrong with a value, empty when nothing is.
 *
 * - `schemas`: the schemas that `$ref` names.
 * - `isStrict`: whether fields that the schema does not name are refused.
 * - `where`: the value's place, for the answer.
 */
export function problemOf(value, schema, { schemas, isStrict, where }) {
  const inside = (name) => ({ schemas, isStrict, where: `${where}.${name}` });
  if (schema.$ref) return problemOf(value, schemas[schema.$ref], { schemas, isStrict, where });
  if (schema.anyOf) {
    const problems = schema.anyOf.map((one) => problemOf(value, one, { schemas, isStrict, where }));
    return problems.includes("") ? "" : problems[0];
  }
  if (schema.enum && !schema.enum.includes(value)) return `${where} is not one of ${schema.enum.join(", ")}`;
  if (schema.type && !IS[schema.type](value)) return `${where} is not of type ${schema.type}`;
  if (value?.length > schema.maxLength) return `${where} is too long`;
  if (value < schema.minimum || value > schema.maximum) return `${where} is out of range`;
  if (schema.type === "array") {
    return firstProblem(value.map((item, at) => problemOf(item, schema.items, inside(at))));
  }
  if (schema.type === "object") return problemOfFields(value, schema, { isStrict, where, inside });
  return "";
}

function problemOfFields(value, schema, { isStrict, where, inside }) {
  const known = schema.properties ?? {};
  const missing = (schema.required ?? []).find((name) => value[name] === undefined);
  if (missing) return `${where} has no ${missing}`;
  return firstProblem(
    Object.entries(value).map(([name, field]) => {
      if (field === undefined) return "";
      if (Object.hasOwn(known, name)) return problemOf(field, known[name], inside(name));
      if (schema.additionalProperties === false) return isStrict ? `${where} has no field '${name}'` : "";
      return schema.additionalProperties ? problemOf(field, schema.additionalProperties, inside(name)) : "";
    }),
  );
}

const firstProblem = (problems) => problems.find(Boolean) ?? "";

const IS = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  number: Number.isFinite,
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
