export function generated(root: string): Record<string, string>;
