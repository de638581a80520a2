/// The version of Ness, as `ness --version` prints it and every result carries it.
package let nessVersion = "0.2.0"
