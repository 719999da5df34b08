/** Every way to write "this machine", "the metadata service" and "the inside" that has fooled somebody. */
const HOSTS = {
  loopback: `
    127.0.0.1 127.0.0.1. 127.0.0.2 127.1 127.0.1 127.255.255.254 127.000.000.001 2130706433 2130706433.
    0x7f000001 0x7F000001 0x7f.1 0x7f.0x0.0x0.0x1 0x7f.0.0.1 0177.0.0.1 0177.1 017700000001 0177.0x0.0.1
    00000177.0.0.1 0x0000007f.0.0.1 127.0x1 127.0.0x1 127.0.0.01 0x7f.0x1 127.65530 127.0.258 0177.0.258
    0x7f.0.258`,
  unspecified: `
    0 0.0.0.0 0x0 00 0.0 0.0.0 0.1.2.3 0.0.0.0. 0x00000000 000.000.000.000`,
  unicode: `
    ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ０x7f.1 𝟏𝟐𝟕.𝟎.𝟎.𝟏 ⓵⓶⓻.0.0.1`,
  ipv6: `
    [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::] [0::0] [::0.0.0.1]
    [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:7f00:1] [::ffff:0:0]
    [::ffff:0.0.0.0] [::127.0.0.1] [::7f00:1] [::ffff:0:127.0.0.1] [::ffff:0:7f00:1]
    [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::127.0.0.1] [64:ff9b:1:7f00:0:100::]
    [2002:7f00:1::] [2002:7f00:0001::1] [2002:a9fe:a9fe::] [2002:a00:1::] [2002:c0a8:101::]
    [2001:0:7f00:1::] [2001:0:808:808:0:0:80ff:fffe] [2001:0:808:808:0:0:5601:5601]`,
  metadata: `
    169.254.169.254 169.254.169.254. 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376
    169.16689662 169.254.43518 0xa9.254.0251.254 025177524776 169.254.170.2 169.254.170.23 169.254.0.1
    169.254.255.255 168.63.129.16 100.100.100.200 192.0.0.192 [fd00:ec2::254] [fd00:0ec2::0254]
    [fd20:ce::254] [fe80::1] [fe80::a9fe:a9fe] [febf::1] [fe80::1%25lo] [fe80::1%lo]
    [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [64:ff9b::a9fe:a9fe] [64:ff9b:1:a9fe:a9:fe00::]`,
  private: `
    10.0.0.1 10.255.255.255 012.0.0.1 0xa.1 167772161 172.16.0.1 172.31.255.254 192.168.0.1 192.168.257
    3232235777 0xc0a80101 100.64.0.1 100.127.255.254 [fc00::1] [fd12:3456:789a::1] [::ffff:10.0.0.1]
    [::ffff:c0a8:101] [64:ff9b::10.0.0.1] [64:ff9b:1::808:808] [fec0::1]`,
  special: `
    224.0.0.1 239.255.255.250 255.255.255.255 4294967295 0xffffffff 240.0.0.1 192.0.0.1 192.0.2.1
    198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255 192.88.99.1 [ff02::1] [ff0e::1] [2001:db8::1]
    [100::1] [2001:2::1] [2001:10::1] [4000::1] [5f00::1] [3fff::1]`,
  notAHost: `
    . .. 256.256.256.256 1.2.3.4.5 127.0.0.1.5 0x100000000 4294967296 [::1 ::1] [127.0.0.1]
    [::ffff:127.0.0.1.5] 127.0.0.1%00 a<b a|b a^b 127.0.0.1# 127.0.0.1? %31%32%37.0.0.1`,
  names: `
    loop.test LOOP.test loop.test. ｌｏｏｐ.test meta.test private.test zero.test mixed-bad.test link.test
    cgnat.test broadcast.test multicast.test`,
};

const ODD_HOSTS = [
  '127.0.0.1\u00ad',
  '1\u200b27.0.0.1',
  '',
  '127.0.0.1\n',
  '127.0.0.1\t',
  ' 127.0.0.1',
  '127.0.0.1\r\nx',
  'exa mple',
  '127.0.0.1\\@example.test',
];

/** Whole URLs in which the host is not where it seems to be, or the scheme is not HTTP. `PORT` stands for a port. */
const URLS = `
  http://example.test@127.0.0.1:PORT/ http://127.0.0.1:PORT@127.0.0.1:PORT/ http://a:b@loop.test:PORT/
  http://example.test:pw@169.254.169.254/ http:127.0.0.1:PORT http:/127.0.0.1:PORT/
  http:///127.0.0.1:PORT/ //127.0.0.1:PORT/ 127.0.0.1:PORT http://%31%32%37.0.0.1:PORT/
  http://127.0.0.1%2e:PORT/ http://[::ffff:7f00:1]:PORT/ http://127.0.0.1:0PORT/
  HTTP://LOOP.TEST:PORT/ file:///etc/passwd FILE:///etc/passwd ftp://127.0.0.1/
  gopher://127.0.0.1:PORT/_x dict://127.0.0.1:PORT/ data:text/plain,x javascript:1
  jar:http://127.0.0.1!/ ldap://127.0.0.1:PORT/ ws://127.0.0.1:PORT/ unix:/var/run/docker.sock
  http+unix://%2Fvar%2Frun/ tftp://127.0.0.1/ blob:http://127.0.0.1:PORT/x`;

const ODD_URLS = [
  'http:\\\\127.0.0.1:PORT\\',
  'http://127.0.0.1:PORT\\@example.test/',
  '\thttp://127.0.0.1:PORT/',
  'ht\ntp://127.0.0.1:PORT/',
  'http://127.0\n.0.1:PORT/',
  '',
];

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** Must be refused as destinations of a provider; the names need the test's own name server. */
export const ssrfHosts: readonly string[] = [...Object.values(HOSTS).flatMap(words), ...ODD_HOSTS];
export const ssrfUrls: readonly string[] = [...words(URLS), ...ODD_URLS];
