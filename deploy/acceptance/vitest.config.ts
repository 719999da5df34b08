import { defineProject, mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.js';

// Each file starts the whole product: one after another, or two cores have twelve services at once.
export default mergeConfig(shared, defineProject({ test: { name: 'acceptance', fileParallelism: false } }));
