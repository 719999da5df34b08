/**
 * Why a JSONPath cannot be used; undefined when it can. RFC 9535 paths are evaluated on what a stranger's server sent,
 * in the process that checks everything else too. So only those are accepted whose cost grows with the document and
 * not with its square or worse: one recursive descent, one selector per bracket, no query of the whole document for
 * each element, and no regular expressions.
 */
export function jsonPathProblem(path: string): string | undefined {
  if (!path.startsWith('$')) return 'must start with $';
  const bare = withoutStrings(path);
  if (bare === undefined) return 'has a quote that is not closed';
  if ((bare.match(/\.\./g)?.length ?? 0) > 1) return 'may contain .. only once';
  if (bare.includes(',')) return 'may select only one thing per bracket, and not call match or search';
  if (bare.indexOf('$', 1) !== -1) return 'may use $ only at its start';
  return undefined;
}

/** The path with quoted names left out; undefined when a quote stays open. */
function withoutStrings(path: string): string | undefined {
  const bare = path.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '');
  return /['"]/.test(bare) ? undefined : bare;
}
