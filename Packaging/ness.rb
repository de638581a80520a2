# A Homebrew formula that builds Ness from source, on macOS (Accelerate) and Linux (OpenBLAS).
#
#   brew install --HEAD ./Packaging/ness.rb
#
# Ness has no public address yet, so there is no homepage, no url and no sha256: what is built is the branch `main` of the
# checkout in which this file lies. Tried: nothing but its syntax (ruby -c). Not tried: Homebrew, macOS.
class Ness < Formula
  desc "Heat currents of nonequilibrium steady states, with error bars and theory"
  head "file://#{File.expand_path("..", __dir__)}", using: :git, branch: "main"
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
