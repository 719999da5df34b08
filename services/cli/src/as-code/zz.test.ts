import { documentSchema } from '/work/main/services/cli/src/as-code/document.ts';
import { z } from 'zod';
import { test } from 'vitest';
test('x', () => {
const r = documentSchema.safeParse({tocsin:1,set:'shop',providers:[{name:'ops',type:'slack',config:{webhookUrl:'https://x.example/1'}}],
variables:[{name:'BASE_URL',value:'x'},{name:'PASSWORD',secret:'x'}],
tests:[{name:'sign in',kind:'api',definition:{steps:[{name:'a',url:'https://x'}]}},{name:'browse',kind:'browser',scriptFile:'a.ts'}],
monitors:[{name:'shop',type:'http_request',target:'https://x.example/',intervalSeconds:60,alertConfig:{enabled:true,notificationProviders:['ops']}},{name:'syn',type:'synthetic_test',config:{test:'browse'}}],
jobs:[{name:'nightly',tests:['sign in','browse'],cron:'0 3 * * *'}]});
console.log(JSON.stringify(r.data??r.error,null,1));
const bad = documentSchema.safeParse({tocsin:1,monitors:[{name:'a',type:'http_request',target:'ftp://x',quorum:3},{name:'b',type:'http_request',target:'http://x',quorum:3},{name:'b',type:'nope'}],jobs:[{name:'x',cron:'* * * * *'}],tests:[{name:'q',kind:'browser'}]});
console.log(JSON.stringify(bad.error.issues,null,1));
const j = z.toJSONSchema(documentSchema,{io:'input'});
console.log(JSON.stringify(j).length, JSON.stringify(j).slice(0,1500));
});
