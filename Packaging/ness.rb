# A Homebrew formula that builds Ness from source, on macOS (Accelerate) and Linux (OpenBLAS).
#
#   brew install --build-from-source ./Packaging/ness.rb
#
# Tried: its syntax (ruby -c). Not tried: Homebrew, macOS. `homepage`, `url` and `sha256`
# are to become those of the project and of a tagged source archive.
class Ness < Formula
  desc "Heat currents of nonequilibrium steady states, with error bars and theory"
  homepage "https://example.org/ness"
  url "https://example.org/ness/archive/v0.2.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0"

  depends_on "gnuplot"
  uses_from_macos "swift" => :build
  uses_from_macos "sqlite"

  on_linux do
    depends_on "openblas"
  end

  def install
    ENV["NESS_CPU"] = "native"
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "ness"
    bin.install ".build/release/ness"
    (share/"ness").install Dir[".build/release/ness_NessExplorer.{resources,bundle}/{,Contents/Resources/}{Page,Presets}"]
    generate_completions_from_executable(bin/"ness", "--generate-completion-script")
    doc.install "Examples"
  end

  test do
    assert_match "heatCurrent", shell_output("#{bin}/ness theory #{doc}/Examples/hot-particles.yaml")
  end
end
