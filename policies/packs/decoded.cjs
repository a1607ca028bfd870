/**
 * Lets the server of @pulumi/policy (1.21) decode the properties of a resource once, and not once for each of a hundred policies: they read the
 * properties, and none of ours changes them. `deserialize` is the module that decodes; where it has another form, nothing is changed.
 * With secrets, as remediations ask for them, each gets its own copy.
 */
exports.decodeOnce = function decodeOnce(deserialize) {
  const decode = deserialize?.deserializeProperties;
  if (typeof decode !== "function") return;
  const known = new WeakMap();
  deserialize.deserializeProperties = (properties, keepsSecrets) => {
    if (keepsSecrets || typeof properties !== "object" || properties === null)
      return decode(properties, keepsSecrets);
    if (!known.has(properties)) known.set(properties, decode(properties, keepsSecrets));
    return known.get(properties);
  };
};
