import type { Bench } from './bench.js';
export const run: Bench['run'] = async () => [];
