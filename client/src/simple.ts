// Which requests a browser sends without a preflight, for certain: Fetch standard, "CORS-safelisted
// method" and "CORS-safelisted request-header". Where engines differ the answer is no, and an
// envelope is the safe way.

// One line "name:value". A value is of printable ASCII without the CORS-unsafe request-header
// bytes, a range has a first byte and maybe a last one, which are the first two groups.
const safelisted =
  /^(?:range:bytes=(\d{1,15})-(\d{1,15})?|accept:[\t !#-'*-9;=^-z|~]*|(accept|content)-language:[\d *,.;=a-z-]*|content-type:(text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)(;[\t !#-'*-9;=^-z|~]*)?)$/i;

// The longest value that is safelisted, in bytes.
const longest = 128;

export const isSimple = ({ method, headers }: Request): boolean =>
  /^(GET|HEAD|POST)$/.test(method) &&
  [...headers].every(([name, value]) => {
    const match = safelisted.exec(name + ":" + value);
    return match && value.length <= longest && !(+match[1]! > +match[2]!); // NaN is not greater
  });
